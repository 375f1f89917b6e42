"""A pretend Meta: the part of WhatsApp's Cloud API that a support desk talks to, with customers to play.

It knows only what Meta knows and speaks only HTTP, so the desk's real client, signature check and worker run
against it unchanged. Made by `simulator.app.create_simulator`.
"""
