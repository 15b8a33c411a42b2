"""`python -m config.web`: the web server with the options that Madoi needs."""

import argparse

import uvicorn


def main() -> None:
    """Serve the site until the process is told to stop.

    The forwarded address is read in one place only, allauth's TRUSTED_PROXY_COUNT, so uvicorn leaves it alone.
    """
    parser = argparse.ArgumentParser(prog="config.web")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    uvicorn.run(
        "config.asgi:application",
        host=options.host,
        port=options.port,
        workers=options.workers,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
