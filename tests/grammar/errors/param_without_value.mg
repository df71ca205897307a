param W = 
