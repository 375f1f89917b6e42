"""`python -m simulator.openapi` prints the OpenAPI document that the types of the phone page are made of."""

import json
import sys

from simulator.app import create_simulator


def main() -> None:
    """Print the document, in an order that does not change by itself."""
    simulator = create_simulator(
        webhook_url="", app_secret="", access_token="", phone_number_id="", display_phone_number=""
    )
    json.dump(simulator.phone.openapi(), sys.stdout, indent=2, sort_keys=True)


if __name__ == "__main__":
    main()
