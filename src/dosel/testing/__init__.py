"""Shipped for us and for others: worlds with a known truth, conformance suites."""
