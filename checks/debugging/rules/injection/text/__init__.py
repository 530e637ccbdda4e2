"""What the rules of this topic read: built text, values, SQL, commands for a shell."""
