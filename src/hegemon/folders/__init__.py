"""The folders that commands leave: which result one holds, and that result read back."""
