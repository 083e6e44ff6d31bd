"""Which observations exist: sensors (a table), search, register, ledger -> SceneRef, Look."""
