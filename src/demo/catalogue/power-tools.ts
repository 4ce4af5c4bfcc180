import type { CatalogueCategory } from './category.ts';

/** Gifts again, stronger: June and the weeks before Christmas. */
export const powerTools: CatalogueCategory = {
  name: 'Power Tools',
  share: 0.1,
  months: [0.8, 0.8, 0.9, 1.0, 1.05, 1.2, 1.0, 0.95, 0.95, 0.95, 1.15, 1.25],
  types: [
    {
      name: 'Drills & Drivers',
      products: [
        [
          'PT-2101',
          'Cordless Drill Driver Kit 18 V',
          6640,
          'Two-speed drill with a half-inch keyless chuck, two 2 Ah batteries and a charger. Enough torque for deck screws and hole saws to two inches.',
        ],
        [
          'PT-2102',
          'Impact Driver 18 V, Bare Tool',
          5280,
          'Drives long lag screws without twisting your wrist. Takes quarter-inch hex bits; sold without battery.',
        ],
        [
          'PT-2103',
          'Hammer Drill 18 V Brushless',
          8870,
          'Switches from plain drilling to hammer action for anchors in brick and block, with a side handle for control.',
        ],
        [
          'PT-2104',
          'Corded Drill 3/8 in., 5.5 A',
          3310,
          'Plugs in and never runs down, a sensible second drill for mixing paint or long drilling jobs.',
        ],
        [
          'PT-2105',
          'SDS-Plus Rotary Hammer 8 A',
          11240,
          'Pneumatic hammering bores into poured concrete far quicker than a hammer drill. Chisel-only mode lifts tile.',
        ],
        [
          'PT-2106',
          'Right-Angle Drill 12 V',
          6190,
          'The head is under four inches tall and fits between studs or inside a cabinet corner.',
        ],
        [
          'PT-2107',
          'Cordless Screwdriver 4 V',
          2130,
          'Pocket-sized driver charged by USB-C for outlet covers, hinges and furniture kits.',
        ],
      ],
    },
    {
      name: 'Saws',
      products: [
        [
          'PT-2201',
          'Circular Saw 7-1/4 in., 15 A',
          5360,
          'Cuts 2x lumber and sheet goods; bevels to 56 degrees. Comes with a 24-tooth carbide blade.',
        ],
        [
          'PT-2202',
          'Jigsaw, Orbital 6.5 A',
          4720,
          'Four orbital settings trade speed for smoothness in curved cuts. Blades change without a tool.',
        ],
        [
          'PT-2203',
          'Reciprocating Saw 18 V, Bare Tool',
          6480,
          'Demolition saw that chews through nailed studs, pipe and tree limbs. Variable speed trigger; battery sold separately.',
        ],
        [
          'PT-2204',
          'Sliding Miter Saw 10 in.',
          19650,
          'Crosscuts boards up to 12 inches wide and stops positively at the common crown-molding angles. Dust bag and clamp included.',
        ],
        [
          'PT-2205',
          'Jobsite Table Saw 10 in.',
          26180,
          'Rack-and-pinion fence with 24 inches of rip capacity, a riving knife and a folding stand on wheels.',
        ],
        [
          'PT-2206',
          'Benchtop Band Saw 9 in.',
          15320,
          'Resaws stock to three and a half inches and cuts curves in wood or plastic, with a tilting cast table and work light.',
        ],
        [
          'PT-2207',
          'Scroll Saw 16 in., Variable Speed',
          10270,
          'For puzzles, fretwork and inlay. Takes pinned or plain blades and blows the line clear of sawdust as you cut.',
        ],
        [
          'PT-2208',
          'Wet Tile Saw 7 in.',
          8430,
          'Diamond blade runs in a water tray to cut ceramic and porcelain without dust or chipping, and the table tilts for mitered edges.',
        ],
      ],
    },
    {
      name: 'Sanders & Grinders',
      products: [
        [
          'PT-2301',
          'Random Orbital Sander 5 in.',
          4050,
          'Leaves no swirl marks on tabletops and cabinet doors. Hook-and-loop pads, with a bag that catches most of the dust.',
        ],
        [
          'PT-2302',
          'Belt Sander 3 x 21 in.',
          6310,
          'Levels glued-up boards and strips old floor finish quickly; a dial slows the belt for veneer.',
        ],
        [
          'PT-2303',
          'Detail Sander, Corner',
          2380,
          'The triangular pad gets into window sashes, louvers and chair spindles where a round sander cannot.',
        ],
        [
          'PT-2304',
          'Angle Grinder 4-1/2 in., 7.5 A',
          3920,
          'Grinds welds, cuts rebar and cleans rust, depending on the wheel. Paddle switch stops the moment you let go.',
        ],
        [
          'PT-2305',
          'Bench Grinder 6 in.',
          5170,
          'Two wheels, coarse and fine, for sharpening mower blades, chisels and drill bits. Adjustable tool rests and eye shields.',
        ],
        [
          'PT-2306',
          'Drywall Pole Sander, Powered',
          11960,
          'Nine-inch head on a telescoping pole sands ceilings from the floor and connects to a vacuum hose.',
        ],
        [
          'PT-2307',
          'Spindle Sander, Oscillating',
          9780,
          'Sanding sleeves move up and down as they spin, to smooth the inside curves of cut-outs without burning.',
        ],
      ],
    },
    {
      name: 'Routers, Planers & Joinery',
      products: [
        [
          'PT-2401',
          'Compact Router 1-1/4 HP',
          7240,
          'Fixed-base trim router for rounding edges, hinge mortises and laminate. Soft start and six speeds.',
        ],
        [
          'PT-2402',
          'Plunge Router 2-1/4 HP',
          12530,
          'Lowers straight into the work for dadoes, sink cut-outs and sign carving; accepts quarter- and half-inch bits.',
        ],
        [
          'PT-2403',
          'Handheld Planer 3-1/4 in.',
          5940,
          'Shaves a sticking door or a crowned joist up to 3/32 inch in a pass, with chips thrown left or right.',
        ],
        [
          'PT-2404',
          'Benchtop Thickness Planer 12-1/2 in.',
          25470,
          'Turns rough-sawn boards into even, smooth stock. Three-knife head, two speeds, folding tables.',
        ],
        [
          'PT-2405',
          'Biscuit Joiner 6 A',
          8160,
          'Cuts matching slots for wooden biscuits, which line up edge joints in tabletops and face frames.',
        ],
        [
          'PT-2406',
          'Pocket-Hole Jig Kit',
          4310,
          'Clamps to the board and guides the stepped bit at 15 degrees. Makes hidden screw joints for cabinets and benches.',
        ],
      ],
    },
    {
      name: 'Nailers & Compressors',
      products: [
        [
          'PT-2501',
          'Brad Nailer 18 ga., Pneumatic',
          4680,
          'Fires thin brads up to two inches for trim and small moldings without splitting them.',
        ],
        [
          'PT-2502',
          'Framing Nailer 21 Degree',
          11390,
          'Drives full-round-head nails up to 3-1/2 inches through two-by lumber. Depth adjusts by a thumbwheel.',
        ],
        [
          'PT-2503',
          'Cordless Finish Nailer 16 ga.',
          17820,
          'Sets finish nails in door casing and stair trim with no hose or gas cartridge. Runs on the 18 V battery.',
        ],
        [
          'PT-2504',
          'Pancake Air Compressor 6 gal',
          9340,
          'Oil-free, 150 psi, enough air for two trim nailers. Light enough to carry upstairs.',
        ],
        [
          'PT-2505',
          'Air Hose 50 ft, Hybrid',
          2560,
          'Stays flexible in freezing weather and lies flat, with quarter-inch brass fittings on both ends.',
        ],
        [
          'PT-2506',
          'Crown Stapler, Electric',
          3190,
          'Staples insulation, upholstery and carpet pad at the pull of a trigger and takes 5/8 inch brads too.',
        ],
      ],
    },
    {
      name: 'Multi-Tools & Vacuums',
      products: [
        [
          'PT-2601',
          'Oscillating Multi-Tool 3.5 A',
          4570,
          'Plunge-cuts door jambs, scrapes adhesive and sands corners as you swap the head. Twelve accessories in the bag.',
        ],
        [
          'PT-2602',
          'Rotary Tool Kit, 40 Accessories',
          4120,
          'A small, fast spindle for engraving, polishing and cutting stuck screws. Speeds from 5,000 to 32,000 rpm.',
        ],
        [
          'PT-2603',
          'Heat Gun, Two Temperature',
          2240,
          'Softens old paint and vinyl floor adhesive, shrinks tubing and thaws fittings. 750 and 1,000 degrees Fahrenheit.',
        ],
        [
          'PT-2604',
          'Wet/Dry Vacuum 12 gal',
          7350,
          'Picks up sawdust, wet leaves or a flooded basement floor; the drain plug saves lifting the tank.',
        ],
        [
          'PT-2605',
          'HEPA Dust Extractor 8 gal',
          23840,
          'Starts with the tool plugged into it and shakes its own filter clean. Needed when grinding concrete indoors.',
        ],
        [
          'PT-2606',
          'Hot Glue Gun, Full Size',
          1290,
          'Takes half-inch glue sticks and heats in five minutes, for crafts, trim tacking and quick jigs.',
        ],
      ],
    },
    {
      name: 'Batteries & Accessories',
      products: [
        [
          'PT-2701',
          'Battery Pack 18 V, 5 Ah',
          6870,
          'The larger pack for saws and grinders, with a fuel gauge. Fits every tool of the 18 V line.',
        ],
        [
          'PT-2702',
          'Rapid Charger 18 V',
          3630,
          'Fills a 2 Ah pack in about half an hour and cools it while charging to make it last.',
        ],
        [
          'PT-2703',
          'Titanium Drill Bit Set, 21 Pieces',
          2090,
          'Coated bits from 1/16 to 1/2 inch for wood, plastic and mild steel. Split points start without wandering.',
        ],
        [
          'PT-2704',
          'Masonry Bit Set, 5 Pieces',
          1180,
          'Carbide-tipped bits for tapping anchors into brick, block and mortar with a hammer drill.',
        ],
        [
          'PT-2705',
          'Spade Bit Set, 6 Pieces',
          1250,
          'Bores quick, rough holes from 3/8 to 1 inch through studs for cable and pipe.',
        ],
        [
          'PT-2706',
          'Hole Saw Kit, Bi-Metal',
          3480,
          'Eleven cups between 3/4 and 2-1/2 inches, with arbors, for door locksets, recessed boxes and conduit knock-outs.',
        ],
        [
          'PT-2707',
          'Circular Saw Blade 60T',
          2310,
          'Sixty carbide teeth leave a clean edge on plywood veneer and melamine with hardly any splintering.',
        ],
        [
          'PT-2708',
          'Sanding Disc Pack 5 in., Assorted',
          1140,
          'Fifty hook-and-loop discs, eight-hole pattern, in grits 60 to 220.',
        ],
        [
          'PT-2709',
          'Impact Bit Set, 30 Pieces',
          1670,
          'Torsion-zone bits that flex instead of snapping under an impact driver. Phillips, Torx, square and nut setters.',
        ],
      ],
    },
  ],
};
