import "/etc/model.mg"
def f(x): return x
