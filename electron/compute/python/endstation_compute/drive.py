"""Runs a plan: hands its rounds to a function that does them, and says how far it is."""


def drive(plan, do_round, say):
    """`do_round(pieces, say) -> results`, in the order of the pieces; what it says of its round (0..1) is told of the whole. Returns the plan's output."""
    before = 0.0
    try:
        share, pieces = next(plan)
        while True:
            results = do_round(pieces, lambda done: say(min(1.0, before + share * done)))
            before += share
            share, pieces = plan.send(results)
    except StopIteration as end:
        return end.value
