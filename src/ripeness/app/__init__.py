"""The app: a server on this machine that runs cases and shows what came of them."""
