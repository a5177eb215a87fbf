"""A plan in MPI processes: the first one reads, divides and writes; all of them do pieces. One that fails ends the others with it."""
from mpi4py import MPI

from .drive import drive

#: Pieces of a round for each process: enough to see how it gets on.
PIECES = 4


def end_all():
    """Ends every process: one that fails in the middle of a round would be waited for by the others, for ever."""
    MPI.COMM_WORLD.Abort(1)


def run(make_plan, say):
    """`make_plan(parts)` is called in the first process only; the others get their pieces. Returns the output there, None elsewhere."""
    world = MPI.COMM_WORLD
    if world.Get_rank() > 0:
        while True:
            mine = world.scatter(None, root=0)
            if mine is None:
                return None
            world.gather([(index, function(*arguments)) for index, function, arguments in mine], root=0)

    def do_round(pieces, say_of_round):
        size = world.Get_size()
        numbered = [(index, function, arguments) for index, (function, arguments) in enumerate(pieces)]
        mine = world.scatter([numbered[rank::size] for rank in range(size)], root=0)
        own = []
        for index, function, arguments in mine:
            own.append((index, function(*arguments)))
            # The others are about as far.
            say_of_round(len(own) / (len(mine) + 1))
        done = world.gather(own, root=0)
        say_of_round(1.0)
        results = dict(pair for part in done for pair in part)
        return [results[index] for index in range(len(pieces))]

    try:
        return drive(make_plan(PIECES * world.Get_size()), do_round, say)
    finally:
        world.scatter([None] * world.Get_size(), root=0)
