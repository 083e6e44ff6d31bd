"""The spine: composes the stages, and nothing else does.

Read ``watch`` first: search -> read -> learn -> update -> confirm -> polygonize -> track -> store.
"""
