const c
