"""Is a feed what it was: late, empty, changed in form, changed in numbers? Pure.

:mod:`alarm` holds the values, :mod:`late` asks for silence, :mod:`form` for emptiness and changed columns,
:mod:`numbers` for numbers that stand out. What cannot be judged yet is said, never taken for health.
"""
