"""Ready definitions of layers, one TOML file a country."""
