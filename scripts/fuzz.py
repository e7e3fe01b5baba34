"""Every contract under requests made from its own OpenAPI document: no 5xx, no status, media type or body that the
document does not know.

    $(scripts/openapi-venv.sh) scripts/fuzz.py --shop target/debug/shop            # some requests, always the same
    $(scripts/openapi-venv.sh) scripts/fuzz.py --shop target/release/shop --seconds 600 --seed 42 --only conjure

Needs schemathesis. Each contract gets a server of its own over a freshly seeded database; somebody who may do everything
is signed in. Operations that would end this sign-in are left out.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from doors import CONTRACTS, entered

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# What would sign out, or change who is signed in.
ENDS = r"logout|password|/users|auth\.User|auth/user|auth\.Group|auth/refresh"


def fuzz(name, chosen, folder):
    """Whether a contract holds to its document."""
    with entered(name, chosen.shop, folder) as (server, client, schema, address):
        program = pathlib.Path(sys.executable).with_name("st")
        command = [program, "run", schema, "--url", address, "--checks", CHECKS,
                   "--phases", "coverage,fuzzing", "--max-examples", str(chosen.examples), "--seed", str(chosen.seed),
                   "--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off", "--no-color",
                   "--exclude-path-regex", ENDS]
        command += ["--max-time", str(chosen.seconds)] if chosen.seconds else []
        for header, value in client.headers.items():
            command += ["-H", f"{header}: {value}"]
        ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        tail = ended.stdout if ended.returncode else "\n".join(ended.stdout.strip().splitlines()[-1:])
        print(f"{name}: {tail}", flush=True)
        alive = server.poll() is None
        return ended.returncode == 0 and alive


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", required=True)
    parser.add_argument("--only", choices=CONTRACTS)
    parser.add_argument("--examples", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="go on for as long, for each contract")
    chosen = parser.parse_args()
    chosen.shop = pathlib.Path(chosen.shop).resolve()
    held = True
    for name in [chosen.only] if chosen.only else CONTRACTS:
        with tempfile.TemporaryDirectory() as folder:
            held &= fuzz(name, chosen, folder)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
