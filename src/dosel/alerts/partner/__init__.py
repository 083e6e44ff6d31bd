"""Alerts and hot spots of others, with their source, dates and confidence kept apart from ours."""
