"""A plan in MPI processes: the first one reads, divides and writes; all of them do pieces. What one of them can't do is told by the first."""
import sys

from mpi4py import MPI

from .drive import drive
from .errors import PieceError, reason

#: Pieces of a round for each process: enough to see how it gets on.
PIECES = 4


def do_pieces(numbered, say):
    """`say(count)` after each. Returns (results with their numbers, why it stopped or None)."""
    done = []
    try:
        for index, function, arguments in numbered:
            done.append((index, function(*arguments)))
            say(len(done))
    except Exception as error:
        return [], reason(error)
    return done, None


def serve(world):
    """Every process but the first: does its pieces until it is told that there are no more."""
    while True:
        mine = world.scatter(None, root=0)
        if mine is None:
            return
        world.gather(do_pieces(mine, lambda _count: None), root=0)


def run(make_plan, say):
    """`make_plan(parts)` is called in the first process only; the others get their pieces. Returns the output there, None elsewhere. Raises PieceError."""
    world = MPI.COMM_WORLD
    if world.Get_rank() > 0:
        try:
            return serve(world)
        except Exception as error:  # Between two rounds, such as no room for what it was sent: the others would wait for it for ever.
            print(reason(error), file=sys.stderr, flush=True)
            world.Abort(1)

    def do_round(pieces, say_of_round):
        size = world.Get_size()
        numbered = [(index, function, arguments) for index, (function, arguments) in enumerate(pieces)]
        mine = world.scatter([numbered[rank::size] for rank in range(size)], root=0)
        # The others are about as far.
        done = world.gather(do_pieces(mine, lambda count: say_of_round(count / (len(mine) + 1))), root=0)
        for _, why in done:
            if why is not None:
                raise PieceError(why)
        say_of_round(1.0)
        results = dict(pair for part, _ in done for pair in part)
        return [results[index] for index in range(len(pieces))]

    try:
        return drive(make_plan(PIECES * world.Get_size()), do_round, say)
    finally:
        world.scatter([None] * world.Get_size(), root=0)
