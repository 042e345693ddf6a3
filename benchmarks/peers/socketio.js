// Broadcast on Socket.IO: every "message" to every client, the sender included. WebSocket from the start, no polling.
const http = require("node:http");
const { Server } = require("socket.io");

const server = http.createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

io.on("connection", (socket) => {
  socket.on("message", (text) => io.emit("message", text));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
