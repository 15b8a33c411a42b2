"""What takes its time or makes something: run by name, as in `python3 bin/madoi test --long pictures`."""
