// A fan-out by the package `ws`: what comes in at /source goes to everyone at /.
//
//   node wsfanout.cjs PORT
"use strict";
const { WebSocketServer } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), backlog: 1024, perMessageDeflate: false });
const readers = new Set();

server.on("connection", (socket, request) => {
  if (request.url === "/source") {
    socket.on("message", (text) => {
      for (const reader of readers) reader.send(text, { binary: false });
    });
    return;
  }
  readers.add(socket);
  socket.on("close", () => readers.delete(socket));
});
