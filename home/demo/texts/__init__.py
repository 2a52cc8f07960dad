"""The demo's texts, by kind. `home.demo.content` gathers them; nothing else needs to import from here."""
