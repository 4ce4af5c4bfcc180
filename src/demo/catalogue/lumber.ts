import type { CatalogueCategory } from './category.ts';

/** The building season: spring to the first autumn storms. */
export const lumber: CatalogueCategory = {
  name: 'Lumber & Building Materials',
  share: 0.11,
  months: [0.7, 0.75, 0.95, 1.15, 1.3, 1.35, 1.3, 1.2, 1.05, 0.9, 0.7, 0.65],
  types: [
    {
      name: 'Dimensional Lumber',
      products: [
        [
          'LB-5101',
          'Stud 2x4 x 92-5/8 in., Kiln-Dried',
          270,
          'Precut to make an eight-foot wall with plates. Douglas fir, stamped stud grade.',
        ],
        [
          'LB-5102',
          'Framing Lumber 2x4 x 10 ft, #2',
          460,
          'Douglas fir for plates, blocking and bracing where a precut stud is too short.',
        ],
        [
          'LB-5103',
          'Framing Lumber 2x6 x 12 ft, #2',
          890,
          'Joists, rafters and thicker exterior walls. Kiln-dried to stay straight.',
        ],
        [
          'LB-5104',
          'Framing Lumber 2x10 x 16 ft, #2',
          2180,
          'Floor joists and stair stringers; check the span table for your load before you buy.',
        ],
        [
          'LB-5105',
          'Pressure-Treated 2x6 x 12 ft',
          1240,
          'Ground-contact treated hem-fir for deck frames and raised beds. Let it dry before staining.',
        ],
        [
          'LB-5106',
          'Pressure-Treated Post 4x4 x 8 ft',
          1090,
          'Incised so the preservative goes deep. For fences, mailboxes and deck posts set in concrete.',
        ],
        [
          'LB-5107',
          'Pressure-Treated Post 6x6 x 10 ft',
          3260,
          'Carries pergolas, carports and tall decks where a 4x4 would flex.',
        ],
        [
          'LB-5108',
          'Furring Strip 1x2 x 8 ft',
          150,
          'Rough spruce strips to shim walls level under paneling or to stake out a garden.',
        ],
      ],
    },
    {
      name: 'Boards & Decking',
      products: [
        [
          'LB-5201',
          'Select Pine Board 1x6 x 8 ft',
          1120,
          'Nearly knot-free board for shelves, trim and painted furniture.',
        ],
        [
          'LB-5202',
          'Red Oak Board 1x4 x 6 ft',
          1480,
          'Planed on four sides and ready for stain: stair parts, thresholds, face frames.',
        ],
        [
          'LB-5203',
          'Poplar Board 1x8 x 8 ft',
          1930,
          'Paint-grade hardwood that machines cleanly and does not dent as easily as pine.',
        ],
        [
          'LB-5204',
          'Western Red Cedar Decking 5/4 x 6 x 12 ft',
          2270,
          'Naturally rot-resistant and cool under bare feet, with eased edges. Weathers to silver if left alone.',
        ],
        [
          'LB-5205',
          'Composite Decking, Gray 16 ft',
          3940,
          'Capped wood-plastic board that needs washing but never staining. Grooved edge takes hidden clips.',
        ],
        [
          'LB-5206',
          'Cedar Fence Picket 5/8 x 5-1/2 in. x 6 ft',
          250,
          'Dog-eared picket for privacy fences; plan on about 26 of them for each twelve feet.',
        ],
        [
          'LB-5207',
          'Deck Baluster 2x2 x 36 in., Treated',
          140,
          'Beveled at one end, spaced under four inches to meet railing code.',
        ],
        [
          'LB-5208',
          'Cedar Lattice Panel 4 x 8 ft',
          2580,
          'Privacy-spaced strips that dress the skirt of a deck or carry climbing roses.',
        ],
      ],
    },
    {
      name: 'Plywood & Panels',
      products: [
        [
          'LB-5301',
          'CDX Plywood 1/2 in., 4 x 8 ft',
          2240,
          'Exterior-glue sheathing for roofs and walls, rough on both faces.',
        ],
        [
          'LB-5302',
          'OSB Sheathing 7/16 in., 4 x 8 ft',
          1190,
          'Strand board with a nailing grid printed on it. The usual choice for wall sheathing under house wrap.',
        ],
        [
          'LB-5303',
          'Birch Plywood 3/4 in., 4 x 8 ft',
          4870,
          'Smooth veneer on both faces and few voids at the edge, for cabinets, desks and built-ins.',
        ],
        [
          'LB-5304',
          'Tongue-and-Groove Subfloor 23/32 in.',
          2760,
          'Panels lock edge to edge so the floor does not squeak between joists. Sanded face, 4 x 8 feet.',
        ],
        [
          'LB-5305',
          'MDF Sheet 3/4 in., 4 x 8 ft',
          2910,
          'Dead flat, no grain, takes paint and routed profiles well. Keep it dry.',
        ],
        [
          'LB-5306',
          'Hardboard 1/8 in., 4 x 8 ft',
          970,
          'Thin and smooth for drawer bottoms, cabinet backs or protecting a finished floor.',
        ],
        [
          'LB-5307',
          'Project Panel, Spruce 16 x 48 in.',
          1340,
          'Edge-glued strips sanded on both sides; cut it to length and you have a shelf or a small tabletop.',
        ],
      ],
    },
    {
      name: 'Drywall & Plaster',
      products: [
        [
          'LB-5401',
          'Drywall 1/2 in., 4 x 8 ft',
          1010,
          'Standard gypsum board for walls and ceilings with joists sixteen inches apart.',
        ],
        [
          'LB-5402',
          'Moisture-Resistant Drywall 1/2 in.',
          1270,
          'Green-faced 4 x 8 board for bathrooms and laundry rooms, outside the shower itself.',
        ],
        [
          'LB-5403',
          'Fire-Rated Drywall 5/8 in., 4 x 8 ft',
          1240,
          'Type X core gives a one-hour rating to garage walls that adjoin the house.',
        ],
        [
          'LB-5404',
          'Joint Compound, All-Purpose 4.5 gal',
          1360,
          'Ready-mixed mud for embedding tape, filling and finishing. Sands easily the next day.',
        ],
        [
          'LB-5405',
          'Setting Compound 45 Minute, 18 lb',
          1180,
          'Powder you mix with water; it hardens chemically in 45 minutes, so deep patches can be coated the same day.',
        ],
        [
          'LB-5406',
          'Paper Joint Tape 250 ft',
          360,
          'Creased down the center for inside corners and stronger than mesh over butt joints.',
        ],
        [
          'LB-5407',
          'Metal Corner Bead 8 ft',
          290,
          'Galvanized angle that gives outside corners a straight edge and protects them from knocks.',
        ],
        [
          'LB-5408',
          'Cement Board 1/2 in., 3 x 5 ft',
          1060,
          'Backer for shower walls and tile floors that water does not soften.',
        ],
      ],
    },
    {
      name: 'Concrete & Masonry',
      products: [
        [
          'LB-5501',
          'Concrete Mix 80 lb',
          430,
          'Just add water for footings, slabs and steps. One bag yields about 0.6 cubic feet at 4,000 psi.',
        ],
        [
          'LB-5502',
          'Fast-Setting Concrete 50 lb',
          510,
          'Pour it dry around a fence post and add water on top; it holds in half an hour.',
        ],
        [
          'LB-5503',
          'Mortar Mix, Type S 60 lb',
          580,
          'For laying brick, block and stone above or below grade.',
        ],
        [
          'LB-5504',
          'Play Sand 50 lb',
          390,
          'Washed and screened for sandboxes, and fine enough to sweep between pavers.',
        ],
        [
          'LB-5505',
          'Concrete Block 8 x 8 x 16 in.',
          190,
          'Two-core standard block for foundation walls, planters and outdoor benches.',
        ],
        [
          'LB-5506',
          'Retaining Wall Block, Charcoal',
          270,
          'Interlocking lip at the back sets each course in a half inch. Stack to two feet without mortar.',
        ],
        [
          'LB-5507',
          'Patio Paver 12 x 12 in., Gray',
          210,
          'Square concrete stepping stone, an inch and a half thick, for paths and grill pads.',
        ],
        [
          'LB-5508',
          'Rebar #4 x 10 ft',
          640,
          'Half-inch ribbed steel that keeps slabs and footings from cracking apart.',
        ],
        [
          'LB-5509',
          'Concrete Patch, Vinyl 10 lb',
          1170,
          'Trowels down to a feather edge over chipped steps and spalled sidewalk.',
        ],
      ],
    },
    {
      name: 'Insulation & Roofing',
      products: [
        [
          'LB-5601',
          'Fiberglass Batts R-13, 15 in. x 32 ft',
          1490,
          'Kraft-faced roll for 2x4 walls; staple the flanges to the studs with the paper toward the room.',
        ],
        [
          'LB-5602',
          'Fiberglass Batts R-21, 15 in. Bundle',
          4620,
          'High-density batts for 2x6 exterior walls, covering about 68 square feet.',
        ],
        [
          'LB-5603',
          'Mineral Wool Batts R-15',
          4380,
          'Stays put without facing, does not burn and quiets a shared wall. Cut it with a bread knife.',
        ],
        [
          'LB-5604',
          'Rigid Foam Board 1 in., 4 x 8 ft',
          1620,
          'Extruded polystyrene, R-5, to wrap foundations and slab edges against cold and damp.',
        ],
        [
          'LB-5605',
          'Spray Foam, Gaps and Cracks 12 oz',
          410,
          'Expands into holes around pipes and wires to shut out drafts and mice. Trim it once cured.',
        ],
        [
          'LB-5606',
          'House Wrap 9 x 100 ft',
          6940,
          'Sheds rain behind the siding while letting water vapor out of the wall.',
        ],
        [
          'LB-5607',
          'Architectural Shingles, Weathered Wood',
          2530,
          'Laminated asphalt shingles; three bundles cover a hundred square feet of roof.',
        ],
        [
          'LB-5608',
          'Roofing Felt 15 lb, 3 x 144 ft',
          2060,
          'Asphalt-saturated underlayment that goes between roof deck and shingles.',
        ],
        [
          'LB-5609',
          'Vinyl Gutter 5 in. x 10 ft',
          730,
          'White K-style section that snaps together with connectors and never needs paint.',
        ],
      ],
    },
  ],
};
