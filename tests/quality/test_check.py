"""Counts of a comparison against plain Python and against COCO's own tools."""

from collections import Counter

import numpy as np
import pytest
from quality.worlds import both_sides, box, by_hand, world

from core.quality.average_precision import average_precision
from core.quality.check import quality

WORLDS = range(300)


def counted(both, result):
    names = [*result.schema_ids, None]
    confusion = {
        (row, column): int(result.confusion[i, j])
        for i, row in enumerate(names)
        for j, column in enumerate(names)
        if result.confusion[i, j]
    }
    return confusion, {c.schema_id: c.misplaced for c in result.classes if c.misplaced}


@pytest.mark.parametrize("seed", range(100))
def test_counts_are_those_of_plain_python(seed):
    pairs = world(seed)
    iou = (0.1, 0.3, 0.5, 0.75, 1.0)[seed % 5]
    both = both_sides(pairs)
    confusion, misplaced = by_hand(pairs, iou)
    assert counted(both, quality(both, iou)) == (dict(confusion), dict(misplaced))


@pytest.mark.parametrize("seed", range(40))
def test_labels_below_a_score_are_left_out_before_anything_is_matched(seed):
    pairs = world(seed, scores=True)
    both = both_sides(pairs)
    for least in (0.0, 0.35, 0.8):
        expected = by_hand(pairs, 0.5, least)
        assert counted(both, quality(both, 0.5, least)) == tuple(map(dict, expected))


@pytest.mark.parametrize("seed", range(60))
def test_rows_add_up(seed):
    pairs = world(seed)
    result = quality(both_sides(pairs))
    total = result.total
    assert total.labels == sum(len(run) for run, _ in pairs)
    assert total.people == sum(len(people) for _, people in pairs)
    for name in ("labels", "people", "right", "wrong_class", "missed", "made_up", "misplaced"):
        assert getattr(total, name) == sum(getattr(one, name) for one in result.classes), name
    for one in (*result.classes, total):
        assert one.right + one.missed == one.people
        assert one.wrong_class + one.misplaced <= one.missed
        if one.labels:
            assert one.precision.value == pytest.approx(one.right / one.labels)
        if one.people:
            assert one.recall.value == pytest.approx(one.right / one.people)
    assert total.right + total.wrong_class + total.made_up == total.labels
    assert int(result.confusion.sum()) == total.people + total.made_up


def test_one_class_comes_before_a_greater_overlap():
    people = [box("a", 0, 0, 10, 10)]
    run = [box("b", 0, 0, 10, 10), box("a", 0, 0, 10, 8)]
    result = quality(both_sides([(run, people)]))
    rows = {one.schema_id: one for one in result.classes}
    assert (rows["a"].right, rows["a"].missed, rows["b"].made_up) == (1, 0, 1)


def test_equal_overlaps_go_to_the_label_that_stands_first():
    people = [box("a", 0, 0, 10, 10), box("b", 0, 0, 10, 10)]
    run = [box("c", 0, 0, 10, 10)]
    result = quality(both_sides([(run, people)]))
    assert result.matches.of_people.tolist() == [0, -1]


def coco_of(pairs, categories):
    """The world as COCO has it."""
    from pycocotools.coco import COCO

    images = [{"id": n + 1, "width": 500, "height": 500} for n in range(len(pairs))]
    truth, found = [], []
    for n, (run, people) in enumerate(pairs, 1):
        for side, target in ((people, truth), (run, found)):
            for one in side:
                x, y, width, height = one["bounding-box"].values()
                about = {"image_id": n, "category_id": categories.index(one["schemaId"]) + 1}
                about |= {"bbox": [x, y, width, height], "area": width * height, "iscrowd": 0}
                target.append({**about, "id": len(target) + 1, "score": one.get("score", 0)})
    api, other = COCO(), COCO()
    kinds = [{"id": n + 1, "name": name} for n, name in enumerate(categories)]
    for one, annotations in ((api, truth), (other, found)):
        one.dataset = {"images": images, "annotations": annotations, "categories": kinds}
        one.createIndex()
    return api, other


@pytest.mark.parametrize("seed", WORLDS)
def test_right_ones_are_those_of_coco(seed):
    from pycocotools.cocoeval import COCOeval

    pairs = world(seed)
    both = both_sides(pairs)
    result = quality(both)
    # scores by how well a label was matched: so COCO matches in the same order
    overlaps = iter(_overlap_of_each(both, result))
    scored = [([{**one, "score": next(overlaps)} for one in run], people) for run, people in pairs]
    categories = sorted({one["schemaId"] for pair in pairs for side in pair for one in side})
    if not categories:  # COCO refuses a world without any label
        assert result.total.labels == result.total.people == 0
        return
    evaluation = COCOeval(*coco_of(scored, categories), "bbox")
    evaluation.params.iouThrs = np.array([0.5])
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.params.maxDets = [10_000]
    evaluation.evaluate()
    right, labels, people = Counter(), Counter(), Counter()
    for one in filter(None, evaluation.evalImgs):
        name = categories[one["category_id"] - 1]
        right[name] += int((one["dtMatches"][0] > 0).sum())
        labels[name] += len(one["dtIds"])
        people[name] += len(one["gtIds"])
    for one in result.classes:
        name = one.schema_id
        assert (one.right, one.labels, one.people) == (right[name], labels[name], people[name])


def _overlap_of_each(both, result):
    """Per label of the run, in the order of its world, how well it was matched in its class."""
    order = np.lexsort((both.run.place, both.run.asset))
    for at in order.tolist():
        person = result.matches.of_run[at]
        same = person >= 0 and both.people.schema[person] == both.run.schema[at]
        yield float(result.matches.overlap[person]) if same else 0.0


@pytest.mark.parametrize("seed", WORLDS)
def test_average_precision_is_that_of_coco(seed):
    from pycocotools.cocoeval import COCOeval

    pairs = world(seed, scores=True)
    result = average_precision(both_sides(pairs), 0.5)
    categories = sorted({one["schemaId"] for pair in pairs for side in pair for one in side})
    at, over = {}, {}
    if any(people for _, people in pairs):
        evaluation = COCOeval(*coco_of(pairs, categories), "bbox")
        evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
        evaluation.params.maxDets = [10_000]
        evaluation.evaluate()
        evaluation.accumulate()
        precision = evaluation.eval["precision"][:, :, :, 0, 0]
        for n, name in enumerate(categories):
            if (precision[:, :, n] > -1).any():
                at[name], over[name] = precision[0, :, n].mean(), precision[:, :, n].mean()
    assert result.at == pytest.approx(at)
    assert result.over == pytest.approx(over)
