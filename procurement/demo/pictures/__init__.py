"""Product pictures, drawn: the same words give the same picture, and no photograph is needed."""

from collections.abc import Callable

from procurement.demo.pictures import (
    equipment,
    hand_tools,
    leg_tools,
    paper,
    scenes,
    textiles,
    vessels,
)
from procurement.demo.pictures.brush import Canvas
from procurement.demo.pictures.look import Look

__all__ = ["SHAPES", "Look", "draw"]

SHAPES: dict[str, Callable[[Canvas, Look], None]] = {
    shape.__name__: shape
    for shape in (
        vessels.bottle,
        vessels.dropper,
        vessels.pump,
        vessels.jar,
        vessels.tube,
        vessels.tin,
        vessels.tub,
        leg_tools.calf_cradle,
        leg_tools.ring_roller,
        leg_tools.wedge,
        leg_tools.boots,
        leg_tools.bead_roller,
        leg_tools.gua_board,
        hand_tools.thumb_saver,
        hand_tools.steps,
        hand_tools.hook,
        hand_tools.balls,
        leg_tools.foot_roller,
        hand_tools.stick,
        leg_tools.pebbles,
        leg_tools.mat,
        hand_tools.gua_sha,
        hand_tools.cups,
        hand_tools.globes,
        hand_tools.bamboo,
        hand_tools.wand,
        hand_tools.brush,
        hand_tools.holster,
        equipment.stones,
        equipment.warmer,
        equipment.oil_warmer,
        equipment.table,
        equipment.stool,
        textiles.towels,
        textiles.towel_rolls,
        textiles.cradle,
        textiles.blanket,
        textiles.bolster,
        textiles.half_bolster,
        textiles.eye_pillow,
        textiles.robe,
        paper.tissue_box,
        paper.carton,
        paper.paper_roll,
        paper.slippers,
        paper.glove_box,
        paper.spatulas,
        paper.pads,
        paper.gift_box,
        scenes.scene_candle,
        scenes.scene_table,
        scenes.scene_stones,
        scenes.scene_feet,
        scenes.scene_hands,
    )
}


def draw(look: Look) -> bytes:
    """One product as a square picture, in JPEG."""
    canvas = Canvas()
    scale = look.number("percent", 100) / 100
    if look.has("jug"):  # the gallon jug stands behind the bottle it fills
        behind, front = Canvas(None), Canvas(None)
        vessels.jug(behind, look)
        SHAPES[look.shape](front, look)
        canvas.place(behind, scale=0.98, move=(-112, -10))
        canvas.place(front, scale=0.78, move=(178, 8))
    elif scale < 1:
        layer = Canvas(None)
        SHAPES[look.shape](layer, look)
        canvas.place(layer, scale=scale)
    else:
        SHAPES[look.shape](canvas, look)
    return canvas.encoded()
