

# only a comment
    
def f(x): return $x
