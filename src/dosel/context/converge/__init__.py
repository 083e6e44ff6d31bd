"""What happens together: activities that share places and weeks more than chance would have it.

:mod:`events` holds what happened where and when, :mod:`near` counts pairs, :mod:`place` and :mod:`moment`
are the two questions with their nulls, :mod:`chance` turns draws into ratios and p-values, :mod:`table`
asks all pairs, :mod:`nodes` says where and how it grows, :mod:`size` and :mod:`edge` point out pile-ups.
``design/009`` says why.
"""
