#!/usr/bin/python3
"""A client of the flash progress socket, as scripts around flashing are written.

    flashclient.py watch URL          prints every message, and how the connection ended
    flashclient.py send URL JOB DRIVE tells of a flash of its own: started, halfway, completed
"""
import asyncio
import contextlib
import json
import sys
import time

import websockets

TOTAL_BYTES = 64 * 1024 * 1024


async def watch(url):
    async with websockets.connect(url) as socket:
        with contextlib.suppress(websockets.ConnectionClosed):  # what came before is read all the same
            await socket.send(json.dumps({"type": "ping", "timestamp": 1234}))
        try:
            while True:
                print(await socket.recv(), flush=True)
        except websockets.ConnectionClosed as end:
            print(json.dumps({"type": "closed", "code": end.code, "reason": end.reason}), flush=True)


async def send(url, job, drive):
    def message(kind, **members):
        return json.dumps({"type": kind, "jobId": job, "deviceId": drive,
                           "timestamp": int(time.time() * 1000), **members})

    async with websockets.connect(url) as socket:
        await socket.send(message("flash_started", stage="writing", totalBytes=TOTAL_BYTES))
        await socket.send(message("flash_progress", progress=50.0, stage="verifying",
                                  bytesTransferred=TOTAL_BYTES // 2, totalBytes=TOTAL_BYTES,
                                  transferSpeed=1024.5, estimatedTimeRemaining=30))
        await socket.send(message("flash_completed"))
        # What it said comes back to it as to everyone.
        while True:
            told = json.loads(await socket.recv())
            if told["type"] == "error" or told["type"] == "flash_completed":
                print(json.dumps(told), flush=True)
                return


asyncio.run(watch(sys.argv[2]) if sys.argv[1] == "watch" else send(*sys.argv[2:]))
