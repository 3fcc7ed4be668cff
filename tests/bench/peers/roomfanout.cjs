// A fan-out with rooms by the package `socket.io`: who says subscribe is in that room, and tell reaches a room.
//
//   node roomfanout.cjs PORT
"use strict";
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const server = createServer();
const io = new Server(server, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("subscribe", (room, answer) => {
    socket.join(room);
    answer();
  });
  socket.on("tell", (room, message) => io.to(room).emit("progress", message));
});
server.listen({ host: "127.0.0.1", port: Number(process.argv[2]), backlog: 1024 });
