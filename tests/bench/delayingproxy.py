#!/usr/bin/env python3
"""A TCP proxy that hands every byte on after a fixed delay, both ways, without limiting the rate.

    delayingproxy.py LISTEN_PORT TARGET_PORT SECONDS      (loopback only; ends with SIGTERM)
"""
import asyncio
import sys

MOST_WAITING = 256  # reads that may be under way: what a line with this delay holds


async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    loop = asyncio.get_running_loop()
    line: asyncio.Queue = asyncio.Queue(MOST_WAITING)

    async def arrive() -> None:
        while True:
            due, data = await line.get()
            await asyncio.sleep(due - loop.time())
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    arriving = asyncio.create_task(arrive())
    try:
        while data := await reader.read(1 << 16):
            await line.put((loop.time() + delay, data))
    finally:
        await line.put((loop.time() + delay, b""))
        await arriving


async def serve(port: int, target: int, delay: float) -> None:
    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(hand_on(reader, onward[1], delay), hand_on(onward[0], writer, delay),
                             return_exceptions=True)

    server = await asyncio.start_server(join, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
