"""What people work on: the list, and its report on paper."""
