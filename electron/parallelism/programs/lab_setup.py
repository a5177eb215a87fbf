"""Makes the lab's own Python environment, or completes the one that is there.

usage: lab_setup.py FOLDER REQUIRED... -- OPTIONAL...   (requirements as pip takes them)
Prints a JSON line for each thing that is done, and writes what is installed to FOLDER/lab.json when all of it is done.
What is optional may fail: then it is left out.
"""
import importlib.util
import json
import os
import subprocess
import sys

PIP = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--retries", "1", "--timeout", "20"]
UNREACHABLE = ("NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "Temporary failure in name resolution", "Could not fetch URL", "ProxyError", "Max retries exceeded")


def say(**line):
    print(json.dumps(line), flush=True)


def fail(reason, message):
    say(failed=reason, message=message)
    sys.exit(1)


def make(folder, python):
    # One that was cut off has no list of what is in it, and is made anew.
    if os.path.exists(python) and os.path.exists(os.path.join(folder, "lab.json")):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        fail("venv", "%s can not make environments: its venv module is missing (Debian, Ubuntu: sudo apt install python3-venv)" % sys.executable)
    say(label="Making the environment")
    import venv

    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        fail("venv", "the environment could not be made: %s" % error)


def install(python, requirement):
    """The last lines that pip said where it failed; None where it is installed."""
    pip = subprocess.Popen([python] + PIP + [requirement], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace")
    said = []
    for line in pip.stdout:
        line = line.strip()
        said = (said + [line])[-40:]
        if line.startswith(("Collecting ", "Downloading ", "Building ", "Installing collected packages")):
            say(label=line[:120])
    return None if pip.wait() == 0 else said


def version_of(python, requirement):
    name = requirement.split("[")[0]
    question = "from importlib.metadata import version; print(version(%r))" % name
    return subprocess.check_output([python, "-c", question], universal_newlines=True).strip()


if __name__ == "__main__":
    folder, wanted = sys.argv[1], sys.argv[2:]
    required = wanted[: wanted.index("--")]
    optional = wanted[len(required) + 1 :]
    python = os.path.join(folder, "Scripts", "python.exe") if os.name == "nt" else os.path.join(folder, "bin", "python")
    make(folder, python)
    versions = {}
    for requirement in required + optional:
        say(package=requirement, label="Installing " + requirement)
        said = install(python, requirement)
        if said is None:
            versions[requirement] = version_of(python, requirement)
        elif requirement in required:
            unreachable = any(sign in line for line in said for sign in UNREACHABLE)
            errors = [line for line in said if line.startswith("ERROR")] or said[-1:] or [""]
            fail("network" if unreachable else "pip", "%s: %s" % (requirement, errors[-1][:400]))
    with open(os.path.join(folder, "lab.json"), "w") as file:
        json.dump({"python": python, "version": "%d.%d.%d" % sys.version_info[:3], "packages": versions}, file)
    say(done=True)
