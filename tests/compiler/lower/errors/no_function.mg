const c = 2
