"""From scenes to tracked alerts: one fold over looks; read watch.py first."""
