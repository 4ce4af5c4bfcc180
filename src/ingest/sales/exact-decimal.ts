/** A decimal as an integer and how many of its digits stand behind the point: 2.55 is { units: 255, scale: 2 }. */
export interface Decimal {
  readonly units: number;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d*)(?:\.(\d*))?$/;
/** Digits that a number holds exactly, whatever they are. */
const SAFE_DIGITS = 15;
const MAX_SCALE = 12;

/** Reads plain decimal notation; undefined when it is none, or has more than 15 digits or 12 behind the point. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const whole = (parts[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (parts[3] ?? '').replace(/0+$/, '');
  if (parts[2] === '' && (parts[3] ?? '') === '') return undefined;
  if (fraction.length > MAX_SCALE || whole.length + fraction.length > SAFE_DIGITS) return undefined;
  const units = Number(whole + fraction);
  return { units: parts[1] === '-' && units !== 0 ? -units : units, scale: fraction.length };
}

/** Adds up quantity × price without rounding: in safe integers by scale, and in BigInt where those end. */
export class ExactSum {
  private readonly small: number[] = new Array<number>(MAX_SCALE + 1).fill(0);
  private total = 0n;

  add(factor: number, price: Decimal): void {
    const product = factor * price.units;
    const sum = (this.small[price.scale] ?? 0) + product;
    // A product beyond the safe integers is rounded, so it is made again in BigInt; a rounded sum is never kept.
    if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) this.small[price.scale] = sum;
    else this.total += BigInt(factor) * BigInt(price.units) * scaleTo(price.scale);
  }

  reset(): void {
    this.small.fill(0);
    this.total = 0n;
  }

  toString(): string {
    let total = this.total;
    this.small.forEach((units, scale) => {
      if (units !== 0) total += BigInt(units) * scaleTo(scale);
    });
    const digits = (total < 0n ? -total : total).toString().padStart(MAX_SCALE + 1, '0');
    const fraction = digits.slice(-MAX_SCALE).replace(/0+$/, '');
    return `${total < 0n ? '-' : ''}${digits.slice(0, -MAX_SCALE)}${fraction === '' ? '' : `.${fraction}`}`;
  }
}

function scaleTo(scale: number): bigint {
  return 10n ** BigInt(MAX_SCALE - scale);
}
