"""Starts a program of ours again under mpiexec, a rank for each worker; its standard output is the ranks'."""
import os
import shutil
import subprocess
import sys


def run_ranks(program, arguments, ranks):
    # That of the interpreter's own environment is the one that its mpi4py was made for.
    beside = os.path.dirname(sys.executable)
    mpiexec = shutil.which("mpiexec", path=beside) or shutil.which("mpiexec") or shutil.which("mpirun")
    if not mpiexec:
        sys.exit("mpiexec was not found. Install MPI (Debian, Ubuntu: sudo apt install openmpi-bin).")
    environment = dict(os.environ)
    # Open MPI's names; others ignore them. More ranks than cores are asked for on purpose.
    environment.update(OMPI_MCA_rmaps_base_oversubscribe="1", PRTE_MCA_rmaps_default_mapping_policy=":oversubscribe")
    # Open MPI refuses to start for root unless it is told twice.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    sys.stdout.flush()
    command = [mpiexec, "-n", str(ranks), sys.executable, program] + [str(each) for each in arguments]
    sys.exit(subprocess.call(command, env=environment))
