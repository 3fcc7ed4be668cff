"""A fan-out by FastAPI: what comes in at /source goes to everyone at /.

    python3 -m uvicorn --app-dir tests/bench/peers --ws websockets --port PORT fanout:app
"""
import asyncio
import contextlib

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
readers: set[WebSocket] = set()


async def tell(reader: WebSocket, text: str) -> None:
    with contextlib.suppress(Exception):  # it has left; read() below notices too
        await reader.send_text(text)


@app.websocket("/source")
async def source(socket: WebSocket) -> None:
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            text = await socket.receive_text()
            await asyncio.gather(*(tell(reader, text) for reader in readers))


@app.websocket("/")
async def read(socket: WebSocket) -> None:
    await socket.accept()
    readers.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        readers.discard(socket)
