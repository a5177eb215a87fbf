"""Runs a plan: hands its rounds to a function that does them, and says how far it is."""


def drive(plan, do_round):
    """`do_round(pieces) -> results`, in the order of the pieces. Returns the plan's output."""
    try:
        pieces = next(plan)
        while True:
            pieces = plan.send(do_round(pieces))
    except StopIteration as end:
        return end.value
