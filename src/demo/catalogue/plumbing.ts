import type { CatalogueCategory } from './category.ts';

/** Frozen and burst pipes in winter; little difference otherwise. */
export const plumbing: CatalogueCategory = {
  name: 'Plumbing',
  share: 0.1,
  months: [1.2, 1.1, 1.0, 0.95, 0.9, 0.9, 0.9, 0.9, 0.95, 1.05, 1.1, 1.05],
  types: [
    {
      name: 'Pipe & Tubing',
      products: [
        [
          'PL-7101',
          'PEX-A Tubing 1/2 in. x 100 ft, Red',
          3190,
          'Flexible hot-water line that bends around corners and tolerates a freeze better than copper.',
        ],
        [
          'PL-7102',
          'PEX-A Tubing 1/2 in. x 100 ft, Blue',
          3190,
          'The cold-water counterpart, so you can tell the lines apart once the walls are closed.',
        ],
        [
          'PL-7103',
          'Copper Pipe Type L, 1/2 in. x 10 ft',
          2040,
          'Rigid copper for exposed supply runs; join it by solder or push fittings.',
        ],
        [
          'PL-7104',
          'PVC Pipe Schedule 40, 2 in. x 10 ft',
          1220,
          'White drain and vent pipe for sinks, tubs and washing machines.',
        ],
        [
          'PL-7105',
          'ABS Drain Pipe 3 in. x 10 ft',
          2150,
          'Black foam-core pipe for toilet and main drain lines, common in the Northwest.',
        ],
        [
          'PL-7106',
          'Pipe Insulation 3/4 in. x 6 ft',
          230,
          'Split foam sleeve that slips over a hot pipe and keeps it from sweating or freezing.',
        ],
        [
          'PL-7107',
          'Vinyl Tubing 3/8 in. x 20 ft, Clear',
          640,
          'Food-grade hose for ice makers, aquariums and condensate drains.',
        ],
      ],
    },
    {
      name: 'Fittings & Valves',
      products: [
        [
          'PL-7201',
          'Push-Fit Coupling 1/2 in.',
          530,
          'Joins copper, PEX or CPVC with no tools. Push it on until it stops, even on a wet pipe.',
        ],
        [
          'PL-7202',
          'Push-Fit Elbow 1/2 in.',
          590,
          'Right-angle connector for repairs behind a wall, removable with a plastic clip.',
        ],
        [
          'PL-7203',
          'PEX Expansion Tee 3/4 in., 5 Pack',
          910,
          'Engineered-plastic tees for branching a main line to fixtures.',
        ],
        [
          'PL-7204',
          'Copper Elbow 90 Degree 1/2 in., 10 Pack',
          720,
          'Solder-joint elbows with a smooth inside bend.',
        ],
        [
          'PL-7205',
          'PVC Fitting Kit 1-1/2 in.',
          1380,
          'Trap adapters, elbows, tees and couplings: what it takes to redo the drain under one sink.',
        ],
        [
          'PL-7206',
          'Ball Valve 3/4 in., Brass',
          1170,
          'Quarter-turn shut-off with a full bore, for the main line or a water heater.',
        ],
        [
          'PL-7207',
          'Quarter-Turn Stop Valve 1/2 x 3/8 in.',
          740,
          'Angle stop for a toilet or faucet supply, compression on both sides.',
        ],
        [
          'PL-7208',
          'Frost-Free Sillcock 8 in.',
          2260,
          'Outdoor faucet that shuts off inside the heated wall and drains itself dry.',
        ],
        [
          'PL-7209',
          'Pressure Reducing Valve 3/4 in.',
          5630,
          'Brings high street pressure down to a safe 50 psi to spare hoses and appliances.',
        ],
      ],
    },
    {
      name: 'Faucets & Showers',
      products: [
        [
          'PL-7301',
          'Pull-Down Kitchen Faucet, Stainless',
          9480,
          'Single lever and a magnetic spray head that docks itself. Fits one or three holes with the plate supplied.',
        ],
        [
          'PL-7302',
          'Bathroom Faucet, Centerset Chrome',
          3570,
          'Two-handle faucet on four-inch centers with a matching pop-up drain.',
        ],
        [
          'PL-7303',
          'Single-Handle Vanity Faucet, Black',
          5240,
          'Matte black spout with a ceramic cartridge and a 1.2 gallon-per-minute aerator.',
        ],
        [
          'PL-7304',
          'Laundry Faucet with Hose Thread',
          2790,
          'Rough chrome utility faucet whose spout takes a garden hose.',
        ],
        [
          'PL-7305',
          'Shower Head, 5 Spray Settings',
          1840,
          'Rubber nozzles you can wipe clean of lime; flow held to 1.8 gallons per minute.',
        ],
        [
          'PL-7306',
          'Handheld Shower Kit',
          2650,
          'Six-foot stainless hose with a diverter and wall bracket, useful for bathing children and dogs.',
        ],
        [
          'PL-7307',
          'Shower Valve and Trim, Pressure-Balanced',
          8160,
          'Holds the temperature steady when someone flushes. Includes the rough-in body and chrome handle.',
        ],
        [
          'PL-7308',
          'Faucet Aerator 15/16 in., 3 Pack',
          510,
          'Screw-on inserts that restore an even stream and cut use to one gallon a minute.',
        ],
      ],
    },
    {
      name: 'Toilets & Sinks',
      products: [
        [
          'PL-7401',
          'Two-Piece Toilet, Elongated 1.28 gpf',
          11870,
          'Comfort-height bowl with a three-inch flush valve. Wax ring and bolts are in the box; seat sold separately.',
        ],
        [
          'PL-7402',
          'Soft-Close Toilet Seat, Round',
          2320,
          'Lowers without a bang and lifts off its hinges for cleaning.',
        ],
        [
          'PL-7403',
          'Toilet Fill Valve',
          790,
          'Adjustable replacement for a tank that runs on or whistles. Fits nearly all toilets.',
        ],
        [
          'PL-7404',
          'Flapper 2 in., Universal',
          410,
          'A worn flapper is the usual reason a toilet keeps trickling; this one hooks on in a minute.',
        ],
        [
          'PL-7405',
          'Wax Ring with Flange',
          360,
          'Seals the toilet to the closet flange against leaks and sewer gas.',
        ],
        [
          'PL-7406',
          'Stainless Kitchen Sink 33 in., Double Bowl',
          13420,
          'Eighteen-gauge drop-in sink with sound-deadening pads under both bowls.',
        ],
        [
          'PL-7407',
          'Vanity with Ceramic Top 24 in.',
          14360,
          'Assembled white cabinet with two doors and an integrated basin, a good size for a half bath.',
        ],
        [
          'PL-7408',
          'Garbage Disposal 1/2 HP',
          6970,
          'Continuous-feed grinder on a quick-lock mount. Cord not included.',
        ],
      ],
    },
    {
      name: 'Drains & Repair',
      products: [
        [
          'PL-7501',
          'Drain Auger 25 ft',
          1960,
          'Hand-cranked cable to hook hair and rags out of tub and sink lines.',
        ],
        [
          'PL-7502',
          'Toilet Auger 3 ft',
          2210,
          'Rubber sleeve keeps the cable from scratching the porcelain while it clears the trap.',
        ],
        [
          'PL-7503',
          'Force-Cup Plunger',
          640,
          'The fold-out flange seals in a toilet; tuck it in and it works on a sink.',
        ],
        [
          'PL-7504',
          'P-Trap Kit 1-1/2 in., White',
          480,
          'Slip-joint trap for a bathroom or kitchen sink, tightened by hand.',
        ],
        [
          'PL-7505',
          'Thread Seal Tape, 5 Rolls',
          290,
          'White PTFE tape for shower arms, hose bibs and other threaded joints. Wrap it clockwise.',
        ],
        [
          'PL-7506',
          'Plumber Epoxy Putty 4 oz',
          560,
          'Knead it and press it over a pinhole leak; it cures hard under water in about fifteen minutes.',
        ],
        [
          'PL-7507',
          'PVC Cement and Primer Pack',
          870,
          'Purple primer and medium-body cement for pressure and drain joints up to four inches.',
        ],
        [
          'PL-7508',
          'Pipe Repair Clamp 3/4 in.',
          620,
          'Stainless band with a rubber gasket that stops a burst pipe until you can replace it.',
        ],
        [
          'PL-7509',
          'Braided Supply Line, Toilet 12 in.',
          470,
          'Stainless-covered hose that will not kink, with hand-tight nuts.',
        ],
      ],
    },
    {
      name: 'Water Heating & Pumps',
      products: [
        [
          'PL-7601',
          'Electric Water Heater 40 gal',
          31480,
          'Tall glass-lined tank with two 4,500-watt elements, enough hot water for three or four people.',
        ],
        [
          'PL-7602',
          'Tankless Water Heater, Gas 8 GPM',
          57260,
          'Heats on demand and hangs on a wall, so it frees the closet where the tank stood. Needs its own vent.',
        ],
        [
          'PL-7603',
          'Water Heater Blanket',
          1580,
          'Wraps an older tank in R-6.7 foil insulation to cut standby loss.',
        ],
        [
          'PL-7604',
          'Heating Element 4500 W, Screw-In',
          1090,
          'Replacement for an electric tank that has gone lukewarm; gasket included.',
        ],
        [
          'PL-7605',
          'Sump Pump 1/3 HP, Submersible',
          8940,
          'Cast-iron pump with a vertical float that switches on before the basement floods.',
        ],
        [
          'PL-7606',
          'Utility Pump 1/6 HP',
          6120,
          'Draws a puddle down to an eighth of an inch from window wells and pool covers through a garden hose.',
        ],
        [
          'PL-7607',
          'Water Leak Alarm, 3 Pack',
          1390,
          'Coin-sized sensors that shriek when water reaches them under a heater, washer or sink.',
        ],
        [
          'PL-7608',
          'Whole-House Water Filter Housing',
          3840,
          'Takes standard ten-inch cartridges to catch sand and rust where the line enters the house.',
        ],
      ],
    },
  ],
};
