"""scikit-learn's handwritten digits as CSV: the data set of digits.mg (needs the extra `test`).

python examples/make_digits.py > digits.csv
"""

from __future__ import annotations

from sklearn.datasets import load_digits

WHITE = 16.0  # pixels are counts from 0 to 16: sixteenths are exact in binary and short in decimal


def main() -> None:
    images, labels = load_digits(return_X_y=True)
    print(",".join([*(f"X{j}" for j in range(images.shape[1])), "label"]))
    for image, label in zip(images.tolist(), labels.tolist(), strict=True):
        print(",".join([*(f"{pixel / WHITE:g}" for pixel in image), str(label)]))


if __name__ == "__main__":
    main()
