"""What probably caused a change: signs, inspected rules, and a probability for every cause of the list.

Read :mod:`~dosel.context.driver.causes` (the published list), :mod:`~dosel.context.driver.signs` (what is
known of an alert), :mod:`~dosel.context.driver.rules` (the table of rules and how they add up),
:mod:`~dosel.context.driver.reasons` and :mod:`~dosel.context.driver.driver` (the answer), in this order.
"""
