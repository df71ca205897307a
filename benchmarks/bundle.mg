# Bundle adjustment in the form of the benchmark ADBench: cameras, points and weights that explain what was observed.

def rotated(r[3], v[3]):
    """v turned about the axis r by |r|, after Rodrigues."""
    angle = sqrt(sum(r**2))
    w = r/angle
    turned = [w[1]*v[2] - w[2]*v[1], w[2]*v[0] - w[0]*v[2], w[0]*v[1] - w[1]*v[0]]
    return cos(angle)*v + sin(angle)*turned + (1 - cos(angle))*sum(w*v)*w

def projected(camera[11], point[3]):
    """Where the camera sees the point: rotation, centre, focal length, principal point, two radial distortions."""
    seen = rotated([camera[j] for j in range(3)], [point[j] - camera[3+j] for j in range(3)])
    flat = [seen[j]/seen[2] for j in range(2)]
    r2 = sum(flat**2)
    bent = 1 + camera[9]*r2 + camera[10]*r2**2
    return [camera[6]*bent*flat[j] + camera[7+j] for j in range(2)]

def cost(cameras[n, 11], points[m, 3], weights[p], camera[p]: int, point[p]: int, observed[p, 2]):
    """The sum of the squares of the weighted errors, and of 1 - weight**2."""
    errors = sum(sum((weights[i]*(projected(cameras[camera[i]], points[point[i]]) - observed[i]))**2) for i)
    return errors + sum((1 - weights**2)**2)
