"""A client that a stock generator makes of each contract's OpenAPI document compiles, and lists a model.

    $(scripts/openapi-venv.sh) scripts/clients.py --shop target/debug/shop

Needs openapi-python-client.
"""
import argparse
import compileall
import importlib
import pathlib
import subprocess
import sys
import tempfile

from doors import CONTRACTS, entered

# Where the generated client has a list, what it is asked, and where the rows are.
LISTS = {
    "conjure": ("shop_product.list_shop_product", {}, "results"),
    "django_admin": ("shop_product.list_shop_product", {}, "results"),
    "litestar": ("models.list_records", {"model_name": "product"}, "items"),
    "packages": ("grids.grids_list", {}, "results"),
}


def client_of(name, schema, folder):
    """The generated package."""
    package = f"client_of_{name}"
    program = pathlib.Path(sys.executable).with_name("openapi-python-client")
    command = [program, "generate", "--path", schema, "--output-path", pathlib.Path(folder, package), "--meta", "none"]
    # What it says of parts that it cannot make is told where it fails only.
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"{name}: {made.stdout}{made.stderr}")
    if not compileall.compile_dir(pathlib.Path(folder, package), quiet=1):
        sys.exit(f"{name}: the generated client does not compile")
    sys.path.insert(0, folder)
    return importlib.import_module(package)


def try_one(name, shop, folder):
    """Lists rows through a client of this contract."""
    with entered(name, shop, folder) as (_, signed_in, schema, address):
        package = client_of(name, schema, folder)
        path, asked, rows = LISTS[name]
        module = importlib.import_module(f"{package.__name__}.api.{path}")
        client = package.Client(base_url=address, headers=signed_in.headers, raise_on_unexpected_status=True)
        page = module.sync(client=client, **asked)
        found = len(getattr(page, rows))
        if not found:
            sys.exit(f"{name}: the generated client lists no rows")
        print(f"{name}: the generated client compiles and lists {found} rows")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shop", required=True)
    parser.add_argument("--only", choices=CONTRACTS)
    chosen = parser.parse_args()
    shop = pathlib.Path(chosen.shop).resolve()
    for name in [chosen.only] if chosen.only else LISTS:
        with tempfile.TemporaryDirectory() as folder:
            try_one(name, shop, folder)


if __name__ == "__main__":
    main()
