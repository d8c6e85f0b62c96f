"""The door of the desk. Nothing stands above it but the outlets."""

from khet.modules.desk.actions import change_memo, give_task, write_memo

__all__ = ["change_memo", "give_task", "write_memo"]
