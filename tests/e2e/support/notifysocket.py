#!/usr/bin/python3
"""The service manager's end of sd_notify(3): prints every datagram that comes to the socket PATH, or to the
abstract one of that name when it begins with '@', as one line of JSON.

    notifysocket.py PATH
"""
import json
import socket
import sys

path = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("\0" + path[1:] if path.startswith("@") else path)
print("listening", flush=True)
while True:
    print(json.dumps(listener.recv(65536).decode()), flush=True)
