"""Runs in a machine of a test: does what comes over its serial line, one command after the other.

A request is a line of JSON (`command`, `environment`, `input`), and so is each message back: `up` once, `ended` for
every command. A command that is held tells so itself, on the same line, while this program waits for it.
"""
import json
import os
import subprocess
import tty

line = os.open("/dev/ttyS0", os.O_RDWR | os.O_NOCTTY)
tty.setraw(line)


def say(message):
    rest = (json.dumps(message) + "\n").encode()
    while rest:
        rest = rest[os.write(line, rest) :]


def do(request):
    try:
        ended = subprocess.run(
            request["command"],
            env=request["environment"],
            input=request["input"].encode(),
            capture_output=True,
        )
    except OSError as error:
        return {"exitCode": 127, "stdout": "", "stderr": str(error)}
    stdout, stderr = (text.decode(errors="replace") for text in (ended.stdout, ended.stderr))
    return {"exitCode": ended.returncode, "stdout": stdout, "stderr": stderr}


say({"kind": "up"})
for request in os.fdopen(os.dup(line), "rb"):
    say({"kind": "ended", "ended": do(json.loads(request))})
