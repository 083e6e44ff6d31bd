"""Who may act at a place on a day, under which law, with whom present. Pure.

The rules stand in a file that a jurist can read and edit (`rules`, `read`); `who` asks them. No rule is code.
"""
