/**
 * Whether an RSA modulus was made by a library whose primes can be computed from it (CVE-2017-15361, "ROCA"): modulo each
 * small prime it is then a power of 65537. Of other moduli one in 10^9 looks so.
 */
export function isRocaModulus(modulus: bigint): boolean {
  return smallPrimes.every((prime) => powersOf(65537 % prime, prime).has(Number(modulus % BigInt(prime))));
}

const smallPrimes = [
  11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131,
  137, 139, 149, 151, 157, 163, 167,
];

function powersOf(generator: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * generator) % prime) powers.add(power);
  return powers;
}
