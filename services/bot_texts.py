"""What the bot says, in one place per language. A text is always asked for by its key."""

from typing import Final

DEFAULT_LANGUAGE: Final = "en"

TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "menu.welcome": "Welcome to {business}! How can we help you today?",
        "menu.again": "What would you like to do?",
        "menu.left": "You are back at the menu. Ticket #{ticket} stays open, "
        "and our answer will reach you here.",
        "menu.not_understood": "Sorry, I did not understand that. Please choose from the menu.",
        "menu.no_words": "I can only read words. Choose Chat Support, and a person will look at it.",
        "menu.button": "Menu",
        "menu.chat_support": "Chat Support",
        "menu.chat_support.hint": "Talk to a person",
        "menu.reopen": "Go on with #{ticket}",
        "menu.reopen.hint": "It was not solved after all",
        "menu.how_it_works": "How it works",
        "menu.how_it_works.hint": "Trading step by step",
        "menu.safety": "Trade safely",
        "menu.safety.hint": "Four simple rules",
        "support.opened": "Thank you. Your support ticket is #{ticket}, and a person will answer you here. "
        "Please describe your problem in your next message. Send *menu* to go back to the menu.",
        "support.back": "You are in ticket #{ticket} again. Write your message, and we will answer here.",
        "support.reopened": "Ticket #{ticket} is open again. Write your message, and we will answer here.",
        "how_it_works": "1. Offer what you have. 2. Find what you want. 3. Propose a swap. "
        "4. Agree on how to hand it over. 5. Tell us how it went.",
        "safety": "Meet in a public place, look at the goods before you hand over yours, "
        "never pay a fee in advance, and keep the talk in this chat.",
    }
}


def text(key: str, language: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """The text of this key, in English where the language has none. Raises KeyError for an unknown key."""
    template = TEXTS.get(language, {}).get(key) or TEXTS[DEFAULT_LANGUAGE][key]
    return template.format(**values)
