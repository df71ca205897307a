"""C text -> a shared library: the compilers of this machine, and how one is run."""
