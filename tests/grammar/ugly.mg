

# top
import   "a.mg"
const c=3#three
def f( x,y ,k:int=3 ):
    # first

    """One.

        two
    three"""


    z=x *y+ -1   # note
    # before the loop
    for t in range( 3 ) :
            # deep
            z = z [ t+1 , : , 1 : ] - ( x-y )
            # still deep
      # odd
    # after the loop
    w = g( x,
       # inside
          y,k = 2,
    )
    return z**- 2,w . T, [ a,b, ]
    # end of f
# about g
def g(x): return  x if x>0  else not -x
op  exp(x):   dx=exp(x)
op pow(x,y):  dx = y*x**(y-1)   # one
              # two
              dy = x**y*log(x)
op q(x):
  domain x>0
  return x
def r(x[n],y):
  '''Positive.'''
  require x>0   # all of it
  require  -1<y<n-2*y   and not( y==0 )
  require x[ i ]<x[i + 1]for i in range(n-1)
  return y
layer l[ m,* w ](x[n*(n-1)/2]): return  mlp[w[1:]] (x) + \
      1
model  m(x):
	return l[3](x)


# the end

